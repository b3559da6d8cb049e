"""Tests with Chromium against the running service."""
