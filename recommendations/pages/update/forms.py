"""Hidden fields of the pages that confirm what was read."""

from django import forms


class LatestUpdateForm(forms.Form):
    """Says which update a page showed as the latest one."""

    latest = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**63 - 1)
