// Small helpers for making and finding elements. Text always goes in as text, never as markup.

export const $ = (id) => document.getElementById(id);

/** h("p", { class: "small", hidden: true, onclick: f }, "text", element, ...) */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else element.setAttribute(key, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

export function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** A bar of coloured parts, e.g. [["blame", 0.2], ["learning", 0.3]]; the rest stays empty. */
export function bar(parts) {
  let x = 0;
  const rects = parts.map(([label, share]) => {
    const width = 100 * share;
    const rect = svg("rect", { class: `fill-${label}`, x: x.toFixed(2), y: 0, width: width.toFixed(2), height: 10 });
    x += width;
    return rect;
  });
  return svg("svg", { class: "bar", viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" }, ...rects);
}

export const number = (value) => value.toLocaleString("en-GB");
export const plural = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;
export const percent = (share) => {
  const rounded = Math.round(100 * share);
  if (rounded === 0 && share > 0) return "under 1%";
  if (rounded === 100 && share < 1) return "over 99%";
  return `${rounded}%`;
};
