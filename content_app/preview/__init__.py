"""What readers would get, shown before it is published: to editors at the desk, and by link to people outside.

The one package that knows both sides of the waist: it takes what `previewing` compiled and derives from it what
`delivery` derives from a published document.
"""
