#include "protocol/messages/dispatch_digest.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <limits>

#include "tests/unit/protocol/vectors.hpp"

namespace runbook::testing {
namespace {

boost::json::object vectors() { return read_vectors("dispatch_digests.json"); }

Uuid id_of(const boost::json::object& object, std::string_view name) {
  return Uuid::parse(text_of(object, name)).value();
}

DispatchLeaf leaf_of(const boost::json::object& object) {
  DispatchLeaf leaf;
  leaf.agent = id_of(object, "agent");
  for (const auto& word : object.at("argv").as_array()) leaf.argv.emplace_back(word.as_string());
  leaf.script = text_of(object, "script");
  for (const auto& [name, value] : object.at("environment").as_object()) {
    leaf.environment.emplace(name, value.as_string());
  }
  leaf.run_as = text_of(object, "run_as");
  leaf.working_directory = text_of(object, "working_directory");
  for (const auto& credential : object.at("credentials").as_array()) {
    leaf.credentials.push_back(Uuid::parse(std::string_view(credential.as_string())).value());
  }
  return leaf;
}

DispatchLeaf first_leaf() { return leaf_of(vectors().at("leaves").as_array().at(0).as_object()); }

TEST(CanonicalJson, WritesNumbersAsEcmaScriptDoes) {
  const auto all = vectors();
  for (const auto& entry : all.at("numbers").as_array()) {
    const auto bits = std::stoull(text_of(entry.as_object(), "bits"), nullptr, 16);
    EXPECT_EQ(canonical_json(std::bit_cast<double>(std::uint64_t{bits})).value(),
              text_of(entry.as_object(), "text"));
  }
}

TEST(CanonicalJson, IsTheVectorsText) {
  const auto all = vectors();
  for (const auto& entry : all.at("canonical").as_array()) {
    const auto value = boost::json::parse(text_of(entry.as_object(), "input"));
    EXPECT_EQ(canonical_json(value).value(), text_of(entry.as_object(), "canonical"));
  }
}

TEST(CanonicalJson, IsItsOwnCanonicalForm) {
  const auto all = vectors();
  for (const auto& entry : all.at("canonical").as_array()) {
    const auto text = text_of(entry.as_object(), "canonical");
    EXPECT_EQ(canonical_json(boost::json::parse(text)).value(), text);
  }
}

TEST(CanonicalJson, RefusesWhatHasNoCanonicalForm) {
  const boost::json::value refused[] = {
      std::numeric_limits<double>::infinity(),
      std::numeric_limits<double>::quiet_NaN(),
      (std::int64_t{1} << 53) + 1,
      -(std::int64_t{1} << 53) - 1,
      std::numeric_limits<std::uint64_t>::max(),
      "\xff",
      "\xc0\xaf",
      "\xed\xa0\x80",
      "\xf4\x90\x80\x80",
      "cut \xe2\x82",
      boost::json::object{{"\x80", 1}},
      boost::json::array{boost::json::object{{"a", "\xfe"}}},
  };
  for (const auto& value : refused) {
    const auto text = canonical_json(value);
    ASSERT_FALSE(text.has_value()) << *text;
    EXPECT_EQ(text.error().code, ErrorCode::kInvalid);
  }
}

TEST(Sha256, IsTheKnownDigest) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(DispatchDigest, IsTheVectorsDigest) {
  const auto all = vectors();
  for (const auto& entry : all.at("leaves").as_array()) {
    EXPECT_EQ(leaf_digest(leaf_of(entry.as_object())), text_of(entry.as_object(), "digest"));
  }
  for (const auto& entry : all.at("roots").as_array()) {
    const auto& root = entry.as_object();
    std::vector<std::string> leaves;
    for (const auto& leaf : root.at("leaves").as_array()) leaves.emplace_back(leaf.as_string());
    EXPECT_EQ(root_digest(id_of(root, "execution"), id_of(root, "version"), id_of(root, "step"), leaves),
              text_of(root, "digest"));
  }
}

TEST(DispatchDigest, ChangesWithEverythingThatIsBound) {
  const auto original = first_leaf();
  std::vector<DispatchLeaf> others(9, original);
  others[0].agent.bytes[15] ^= 1;
  others[1].argv.emplace_back("-x");
  others[2].argv = {"/bin/sh -c"};
  others[3].script += " ";
  others[4].environment["RUNBOOK_VALUE_1"] += "x";
  others[5].environment["LD_PRELOAD"] = "";
  others[6].run_as = "root";
  others[7].working_directory = "/";
  others[8].credentials.push_back(original.agent);
  for (const auto& other : others) EXPECT_NE(leaf_digest(other), leaf_digest(original));
}

TEST(DispatchDigest, OfManyHostsIsThatOfEach) {
  auto shared = first_leaf();
  const LeafDigests digests(shared);
  shared.environment["RUNBOOK_HOST"] = "other";
  shared.environment["RUNBOOK_HOST_LABEL_A"] = "b";
  shared.agent.bytes[15] ^= 1;
  EXPECT_EQ(digests.of(shared.agent, {{"RUNBOOK_HOST", "other"}, {"RUNBOOK_HOST_LABEL_A", "b"}}),
            leaf_digest(shared));
}

TEST(DispatchDigest, DoesNotHoldTheValues) {
  auto leaf = first_leaf();
  leaf.environment = {{"NAME", std::string("\0\xff any bytes", 12)}};  // values need not be text
  EXPECT_EQ(leaf_digest(leaf).size(), 64U);
}

}  // namespace
}  // namespace runbook::testing
