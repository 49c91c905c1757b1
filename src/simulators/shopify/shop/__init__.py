"""What the shop does: the rules of products, stock, orders, fulfillment and bulk operations."""
