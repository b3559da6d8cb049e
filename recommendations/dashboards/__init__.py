"""What the dashboards show: typed read models, their charts as SVG, and their snapshots."""
