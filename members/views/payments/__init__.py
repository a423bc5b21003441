"""The pages about money.

``paying``   the payer's: on to the provider and back; the pretended provider; the provider's notices
"""
