#include "controller/store/output_digest.hpp"

#include <gtest/gtest.h>

namespace runbook::store {
namespace {

constexpr auto kEmpty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr auto kAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";  // FIPS 180-2, B.1

TEST(OutputDigest, OfNothingIsTheDigestOfTheEmptyString) { EXPECT_EQ(OutputDigest().hex(), kEmpty); }

TEST(OutputDigest, DoesNotDependOnThePieces) {
  OutputDigest digest;
  digest.add("a");
  digest.add("");
  digest.add("bc");
  EXPECT_EQ(digest.hex(), kAbc);
  EXPECT_EQ(digest.hex(), kAbc);
}

TEST(OutputDigest, ACopyGoesItsOwnWay) {
  OutputDigest digest;
  digest.add("a");
  OutputDigest copy = digest;
  copy.add("x");
  digest.add("bc");
  EXPECT_EQ(digest.hex(), kAbc);
  EXPECT_NE(copy.hex(), kAbc);
}

}  // namespace
}  // namespace runbook::store
