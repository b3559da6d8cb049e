"""The addresses that can be saved, and what they show in words."""

from recommendations.dashboards.saved_views.addresses import address_words, saveable_address


def test_momentary_parameters_are_removed():
    assert saveable_address("/heatmap/?live=off&page=2&text=&flag=stale") == "/heatmap/?flag=stale"
    assert address_words("/forces/kent/2/") == "Recommendation for a force kent 2"
