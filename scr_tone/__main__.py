"""``python -m scr_tone`` is the command line."""

from scr_tone.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
