"""What a person sees: a real Chromium against the real service."""
