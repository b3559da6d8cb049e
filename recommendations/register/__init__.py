"""Reads and checks the CSV files of the register.

`read_register` returns typed facts, or raises `BadFiles` with a sentence for every problem.
`recommendations.actions.load_register` writes them to the database.
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
