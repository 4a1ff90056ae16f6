//! Histories that once broke a property, as small as they were shrunk to.
