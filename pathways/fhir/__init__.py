"""A person's plan as HL7 FHIR R4B: for themselves, and for an organisation that they agreed to.

=============  ====================================================================================
codes          our states as the standard's codes
resources      rows as resources, plain dictionaries
bundle         which rows, for whom; and the standard's own model of each resource as the judge
=============  ====================================================================================
"""
