#include "controller/secrets/sealed_secret.hpp"

#include <gtest/gtest.h>

#include "protocol/runtime/random.hpp"

namespace runbook::secrets {
namespace {

constexpr Time kNow{std::chrono::seconds{1'800'000'000}};
constexpr auto kKey = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";
constexpr auto kOtherKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

TEST(SealedSecret, OpensForItsRecordOnly) {
  const auto keys = FernetKeys::parse(kKey).value();
  const auto record = runtime::new_uuid();
  const auto sealed = seal_secret(keys, record, "hunter2", kNow);
  EXPECT_EQ(open_secret(keys, record, sealed), "hunter2");
  EXPECT_EQ(open_secret(keys, runtime::new_uuid(), sealed), std::nullopt);
}

TEST(SealedSecret, ShowsNothingOfTheSecret) {
  const auto keys = FernetKeys::parse(kKey).value();
  const auto sealed = seal_secret(keys, runtime::new_uuid(), "hunter2", kNow);
  EXPECT_EQ(sealed.find("hunter2"), std::string::npos);
}

TEST(SealedSecret, DoesNotOpenWithAnotherKey) {
  const auto record = runtime::new_uuid();
  const auto sealed = seal_secret(FernetKeys::parse(kKey).value(), record, "hunter2", kNow);
  EXPECT_EQ(open_secret(FernetKeys::parse(kOtherKey).value(), record, sealed), std::nullopt);
}

TEST(SealedSecret, OfARecordWithSeveralOpensUnderItsNameOnly) {
  const auto keys = FernetKeys::parse(kKey).value();
  const auto record = runtime::new_uuid();
  const auto sealed = seal_part(keys, record, "pin", "hunter2", kNow);
  EXPECT_EQ(open_part(keys, record, "pin", sealed), "hunter2");
  EXPECT_EQ(open_part(keys, record, "pi", sealed), std::nullopt);
  EXPECT_EQ(open_part(keys, record, "", sealed), std::nullopt);
  EXPECT_EQ(open_part(keys, record, "other", sealed), std::nullopt);
  EXPECT_EQ(open_part(keys, runtime::new_uuid(), "pin", sealed), std::nullopt);
}

TEST(SealedSecret, MayBeEmptyOrHoldAnyBytes) {
  const auto keys = FernetKeys::parse(kKey).value();
  const auto record = runtime::new_uuid();
  for (const auto& secret : {std::string{}, std::string("\0\xFF\n", 3), std::string(100'000, 'x')}) {
    EXPECT_EQ(open_secret(keys, record, seal_secret(keys, record, secret, kNow)), secret);
  }
}

}  // namespace
}  // namespace runbook::secrets
