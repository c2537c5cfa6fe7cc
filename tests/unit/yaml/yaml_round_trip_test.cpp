// read(write(x)) is x: for JSON of any shape, with the texts that YAML is known to change.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>

#include "controller/domain/runbook.hpp"
#include "controller/yaml/yaml_reader.hpp"
#include "controller/yaml/yaml_writer.hpp"

namespace runbook::yaml {
namespace {

namespace json = boost::json;

constexpr auto kHostile = std::to_array<std::string_view>({
    "",
    " ",
    "  two",
    "two  ",
    "\n",
    "\n\n",
    "a\n",
    "a\n\n",
    "a\n\n\n",
    "\na",
    "\n\na\n",
    "a\nb",
    "a\nb\n",
    " a\nb\n",
    "a\n b\n",
    "a\n  \nb\n",
    "a\n\t\nb\n",
    "\ta\nb\n",
    "a\n\tb\n",
    "a \nb \n",
    "a\n\n\nb\n",
    "a\r\nb\r\n",
    "a\rb",
    "no",
    "yes",
    "on",
    "off",
    "y",
    "n",
    "Null",
    "~",
    "true",
    "TRUE",
    "1",
    "-1",
    "+1",
    "1e3",
    "1.0",
    ".5",
    "0x1f",
    "0o17",
    "012",
    ".inf",
    "-.inf",
    ".nan",
    "1_000",
    "12:30:45",
    "2026-11-21",
    "2026-11-21T01:02:03Z",
    "=",
    "<<",
    "---",
    "--- a",
    "...",
    "a\n---\nb\n",
    "a\n...\nb\n",
    "%YAML 1.2",
    "# c",
    "a # c",
    "a\n# c\n",
    "a#b",
    "a: b",
    "a:",
    ":a",
    ": a",
    "- a",
    "-",
    "-a",
    "? a",
    "?",
    "[",
    "]",
    "{",
    "}",
    ",",
    "a, b",
    "&a",
    "*a",
    "!a",
    "!!str a",
    "|",
    ">",
    "|-\n a",
    "'",
    "''",
    "'a'",
    "\"",
    "\"a\"",
    "\\",
    "\\n",
    "a\\",
    "%",
    "@",
    "`",
    "$(x)",
    "`id`",
    "a\tb",
    "\x01",
    "\x04",
    "\x1b[31m",
    "\x7f",
    "\xC2\x80",
    "\xC2\x85",
    "\xC2\xA0",
    "\xE2\x80\xA8",
    "\xE2\x80\xA9",
    "\xEF\xBB\xBF",
    "\xEF\xBF\xBE",
    "\xEF\xBF\xBD",
    "\xF0\x9F\x94\xA5",
    "\xC3\xA4",
    "e\xCC\x81",
    "\xD9\x85\xD8\xB1\xD8\xAD\xD8\xA8\xD8\xA7",
    "${{ params.a }}",
    "echo ${{ steps.a.stdout }} | tee \"$X\"",
    "a\n  indented\n back\n",
    "x: |\n  y\n",
    "a\n:\n",
});

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  json::value value(int depth) {
    const auto kind = below(depth > 0 ? 10 : 7);
    switch (kind) {
      case 0: return nullptr;
      case 1: return below(2) == 0;
      case 2: return static_cast<std::int64_t>(random_());
      case 3: return number();
      case 4:
      case 5:
      case 6: return json::value(text());
      case 7:
      case 8: return object(depth);
      default: return array(depth);
    }
  }

  // Not empty, and without what a runbook gives a meaning or refuses.
  std::string plain_text() {
    while (true) {
      auto made = text();
      const bool blank = made.find_first_not_of(" \t\r\n") == std::string::npos;
      if (!blank && made.size() <= 200 && !made.contains("${{")) return made;
    }
  }

  json::object object(int depth) {
    json::object members;
    for (auto count = below(6); count > 0; --count) members[text()] = value(depth - 1);
    return members;
  }

 private:
  std::size_t below(std::size_t bound) { return random_() % bound; }

  json::value number() {
    constexpr auto kNumbers =
        std::to_array<double>({0.0, -0.0, 1.0, -1.5, 1e300, 5e-324, 0.1, 1e21, 123456789.25});
    if (below(4) == 0) return std::uint64_t{18446744073709551615ULL};
    return kNumbers[below(kNumbers.size())];
  }

  std::string text() {
    constexpr std::string_view kAlphabet = "ab:#-?*&!|>'\"%@`{}[],\\ \n\t\r$~=.0";
    std::string made;
    switch (below(4)) {
      case 0: return std::string(kHostile[below(kHostile.size())]);
      case 1:
        for (auto count = below(4); count > 0; --count) made += kHostile[below(kHostile.size())];
        return made;
      case 2:
        for (auto count = below(12); count > 0; --count) made += kAlphabet[below(kAlphabet.size())];
        return made;
      default: return std::string(below(40) == 0 ? 3000 : below(30), 'x');
    }
  }

  json::array array(int depth) {
    json::array items;
    for (auto count = below(5); count > 0; --count) items.push_back(value(depth - 1));
    return items;
  }

  std::mt19937_64 random_;
};

void expect_round_trip(const json::value& value) {
  const auto text = write(value);
  const auto document = read(text);
  ASSERT_TRUE(document) << document.error().message << "\n" << text << "\n" << json::serialize(value);
  EXPECT_EQ(json::serialize(document->value), json::serialize(value)) << text;
}

TEST(YamlRoundTrip, EveryHostileTextComesBackAsValueItemAndName) {
  for (const auto text : kHostile) {
    expect_round_trip(json::value(text));
    expect_round_trip(json::array{json::value(text), json::value(text)});
    expect_round_trip(
        json::object{{text, json::value(text)}, {"last", json::array{json::object{{text, text}}}}});
  }
}

TEST(YamlRoundTrip, EveryCharacterComesBack) {
  for (unsigned point = 1; point < 0x3100; ++point) {
    std::string text;
    if (point < 0x80) {
      text = static_cast<char>(point);
    } else if (point < 0x800) {
      text = {static_cast<char>(0xC0 | point >> 6), static_cast<char>(0x80 | (point & 0x3F))};
    } else {
      text = {static_cast<char>(0xE0 | point >> 12), static_cast<char>(0x80 | ((point >> 6) & 0x3F)),
              static_cast<char>(0x80 | (point & 0x3F))};
    }
    expect_round_trip(json::value("a" + text + "b\n" + text + "c"));
  }
}

// A runbook's document with hostile texts wherever one may stand.
json::object runbook_document(Generator& generator) {
  json::value body = generator.value(4);
  while (json::serialize(body).contains("${{")) body = generator.value(4);
  json::object api{{"url", "https://example.com/"}, {"method", "POST"}, {"body", std::move(body)}};
  api["query"] = {{"q", generator.plain_text()}};
  json::object command{{"command", generator.plain_text()}, {"environment", {{"X", generator.plain_text()}}}};
  json::object program{{"argv", {"x", generator.plain_text()}}, {"approval", "none"}};
  json::array blocks;
  const auto add = [&](std::string_view type, json::object config) {
    blocks.push_back(
        json::object{{"name", generator.plain_text()}, {"type", type}, {"config", std::move(config)}});
  };
  add("instruction", {{"text", generator.plain_text()}});
  add("command", std::move(command));
  add("command", std::move(program));
  add("api", std::move(api));
  add("timer", {{"seconds", 1}});
  const auto choice = generator.plain_text();
  json::object parameter{{"name", "p"}, {"type", "choice"}, {"choices", {choice}}, {"default", choice}};
  return {{"title", generator.plain_text()},
          {"description", generator.plain_text()},
          {"parameters", json::array{std::move(parameter)}},
          {"blocks", std::move(blocks)}};
}

// What is stored comes back as YAML, is judged again, and is what was stored.
TEST(YamlRoundTrip, AnyRunbookComesBack) {
  std::uint64_t ids = 0;
  const auto new_id = [&ids] {
    Uuid id;
    ++ids;
    for (std::size_t i = 0; i < 8; ++i) id.bytes[i] = static_cast<std::uint8_t>(ids >> (8 * i));
    return id;
  };
  constexpr unsigned kSeeds = 500;
  for (unsigned seed = 0; seed < kSeeds; ++seed) {
    Generator generator(seed);
    const auto document = runbook_document(generator);
    const auto judged = domain::judge_runbook(document, new_id);
    ASSERT_TRUE(judged) << json::serialize(document) << "\n" << judged.error().faults.front().message;
    const json::value stored = domain::to_json(*judged);
    const auto text = write(stored);
    const auto read_back = read(text);
    ASSERT_TRUE(read_back) << text << "\n" << read_back.error().message;
    const auto again = domain::judge_runbook(read_back->value, new_id);
    ASSERT_TRUE(again) << text << "\n" << again.error().faults.front().message;
    EXPECT_EQ(json::serialize(domain::to_json(*again)), json::serialize(stored)) << text;
    EXPECT_EQ(write(domain::to_json(*again)), text);
  }
}

TEST(YamlRoundTrip, AnyValueComesBack) {
  for (unsigned seed = 0; seed < 4000; ++seed) expect_round_trip(Generator(seed).object(5));
}

}  // namespace
}  // namespace runbook::yaml
