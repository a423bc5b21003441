"""What people see of roles: everybody, who applies, and the managers of volunteers."""
