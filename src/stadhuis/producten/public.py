"""The front door of producten."""

from stadhuis.producten.reads import Product, ProductUnknown, Said, product, products, search

__all__ = ["Product", "ProductUnknown", "Said", "product", "products", "search"]
