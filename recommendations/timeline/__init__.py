"""An assignment's whole story on any day; the same number of queries however long it is."""

from recommendations.timeline.entries import Entry, Passage, passages_of
from recommendations.timeline.story import Story, story

__all__ = ["Entry", "Passage", "Story", "passages_of", "story"]
