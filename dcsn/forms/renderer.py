"""Forms in GOV.UK markup through Django's own renderer."""

from django.forms.renderers import TemplatesSetting


class GovukRenderer(TemplatesSetting):
    pass
