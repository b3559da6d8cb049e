from tests.recommendations.imports.conftest import analyst, assignment

__all__ = ["analyst", "assignment"]
