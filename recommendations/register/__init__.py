"""Reading the register's CSV files and checking them whole, before anything is written.

`read_register` gives typed facts or raises `BadFiles` with every problem found, one sentence
each. Writing them is an action (`recommendations.actions.load_register`).
"""

from recommendations.register.csv_table import BadFiles
from recommendations.register.facts import (
    COUNTY_LINES_2020,
    BodyFacts,
    InspectionFacts,
    RecommendationFacts,
    Register,
)
from recommendations.register.folder import DATA_FOLDER, read_register

__all__ = [
    "COUNTY_LINES_2020",
    "DATA_FOLDER",
    "BadFiles",
    "BodyFacts",
    "InspectionFacts",
    "RecommendationFacts",
    "Register",
    "read_register",
]
