"""Charts drawn by the server as SVG: one file a shape, coordinates ready for its template.

Colours, dashes and letters are in static/scss/_charts.scss and _heatmap.scss.
"""
