"""The reviewer's table: every statement about a product, weakest evidence first, and its sign-off."""
