// The main function of the C++ unit tests; doctest collects the cases of all *_test.cc files.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
