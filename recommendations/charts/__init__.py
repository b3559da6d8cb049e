"""SVG charts drawn on the server: one module for each kind, with coordinates for its template.

Colours, dashes and letters are in static/scss/_charts.scss and components/_heatmap.scss.
"""
