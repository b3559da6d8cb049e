"""The tests mirror the packages. `browser/` uses Chromium; `reliability/` kills processes."""
