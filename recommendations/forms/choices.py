"""Radios and checkboxes of 24 px, for a decision beside what it is about."""

from django import forms


class DenseRadios(forms.RadioSelect):
    component = "choices"


class DenseCheckboxes(forms.CheckboxSelectMultiple):
    component = "choices"
