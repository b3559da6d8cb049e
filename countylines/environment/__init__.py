"""Reads and checks the environment variables. `variables` lists them with what they mean.

Development and tests have harmless defaults. Production has none for the values it requires.
"""

from countylines.environment.environment import Environment as Environment
from countylines.environment.environment import Notify as Notify
from countylines.environment.environment import read_or_exit as read_or_exit
from countylines.environment.evidence import evidence_storage as evidence_storage
from countylines.environment.variable import DEVELOPMENT as DEVELOPMENT
from countylines.environment.variable import PRODUCTION as PRODUCTION
from countylines.environment.variable import TEST as TEST
from countylines.environment.variables import VARIABLES as VARIABLES
