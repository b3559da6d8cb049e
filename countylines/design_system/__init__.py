"""The design system in Django: how forms become its markup, and the tags that templates use."""
