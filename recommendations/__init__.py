"""Inspections, their recommendations, and what each body says and proves about them."""
