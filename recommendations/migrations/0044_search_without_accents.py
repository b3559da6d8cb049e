"""Texts are searched without their accents: ty finds tŷ, and Françoise finds Francoise."""

from django.contrib.postgres.operations import UnaccentExtension
from django.db import migrations

CONFIGURATION = """
CREATE TEXT SEARCH CONFIGURATION {language}_without_accents (COPY = {language});
ALTER TEXT SEARCH CONFIGURATION {language}_without_accents
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, {dictionary};
ALTER TEXT SEARCH CONFIGURATION {language}_without_accents
    ALTER MAPPING FOR numword, numhword WITH unaccent, simple;
"""
# `unaccent` is not immutable, because somebody could change its rules: nobody does. The names in a
# function with RETURN are looked up when it is created, so that it does not depend on search_path.
FUNCTION = """
CREATE FUNCTION without_accents(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN lower(unaccent('unaccent', $1));
"""


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0043_aspect_checks")]

    operations = [
        UnaccentExtension(),
        *(
            migrations.RunSQL(
                CONFIGURATION.format(language=language, dictionary=dictionary),
                f"DROP TEXT SEARCH CONFIGURATION {language}_without_accents",
            )
            for language, dictionary in (("english", "english_stem"), ("simple", "simple"))
        ),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION without_accents(text)"),
    ]
