"""The admin pages, in which editors work. `site` is where they stand; importing `pages` registers all of them."""
