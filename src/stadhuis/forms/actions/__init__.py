"""What people do with forms: publish one, fill it in, add files, hand it in. One module per kind of deed."""
