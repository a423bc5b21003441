"""What every network begins with: bank holidays, who help is for, and topics. See README.md."""
