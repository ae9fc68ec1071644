"""The addresses of the read side. A view reads its parameters, asks `reading`, and hands out bytes."""
