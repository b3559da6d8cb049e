"""The tests mirror the packages; `browser/` drives a real Chromium, `reliability/` kills things."""
