"""Form rendering and template tags for the GOV.UK Design System."""
