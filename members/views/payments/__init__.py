"""The pages about money.

``paying``    the payer's: on to the provider and back; the pretended provider
``notices``   the provider's: something happened to a payment
``takings``   a day's takings, one payment, its receipt, voiding and giving back
``banking``   counted by two people and seen on the bank's statement
``journal``   what each account holds, every entry
``tokens``    somebody's tokens, sold at the desk
"""
