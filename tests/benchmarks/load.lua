-- For wrk, started by load.py: sends paragraphs, each new to the service, and counts the replies by their status.
-- A line of the file is: path, content type, body; @@@ in a body becomes a number that was not sent before.
local threads = {}

function setup(thread)
  table.insert(threads, thread)
  thread:set("id", #threads)
end

function init(args)
  lines, at, number = {}, id, id * 100000000
  for line in io.lines(args[1]) do
    local path, kind, body = line:match("^(%S+)\t(%S+)\t(.*)$")
    table.insert(lines, { path, { ["Content-Type"] = kind }, body })
  end
  answered, busy, too_often, other = 0, 0, 0, 0
end

function request()
  local line = lines[at % #lines + 1]
  at = at + 2
  local body = line[3]:gsub("@@@", function()
    number = number + 1
    return tostring(number)
  end)
  return wrk.format("POST", line[1], line[2], body)
end

function response(status)
  if status == 200 then
    answered = answered + 1
  elseif status == 503 then
    busy = busy + 1
  elseif status == 429 then
    too_often = too_often + 1
  else
    other = other + 1
  end
end

function done(summary, latency)
  local sums = { answered = 0, busy = 0, too_often = 0, other = 0 }
  for _, thread in ipairs(threads) do
    for name in pairs(sums) do
      sums[name] = sums[name] + thread:get(name)
    end
  end
  local errors = summary.errors
  print(string.format(
    'RESULT {"seconds": %f, "answered": %d, "busy": %d, "too_often": %d, "other": %d, "broken": %d, "late": %d, ' ..
    '"p50": %f, "p95": %f, "longest": %f}',
    summary.duration / 1e6, sums.answered, sums.busy, sums.too_often, sums.other,
    errors.connect + errors.read + errors.write, errors.timeout,
    latency:percentile(50) / 1e6, latency:percentile(95) / 1e6, latency.max / 1e6))
end
