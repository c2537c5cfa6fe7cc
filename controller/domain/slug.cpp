#include "controller/domain/slug.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "protocol/messages/limits.hpp"

namespace runbook::domain {

namespace {

// Base letters of U+00C0 to U+017F; '-' is not a letter.
constexpr std::string_view kBaseLetters =
    "aaaaaaaceeeeiiiidnooooo-ouuuuytsaaaaaaaceeeeiiiidnooooo-ouuuuyty"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
    "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
static_assert(kBaseLetters.size() == 0x180 - 0xC0);

// The plain character `text` begins with and how many bytes that took; '_' for everything that is not a Latin
// letter or a digit.
struct Folded {
  char character;
  std::size_t bytes;
};

Folded fold(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  if (first >= 'A' && first <= 'Z') return {static_cast<char>(first - 'A' + 'a'), 1};
  if ((first >= 'a' && first <= 'z') || (first >= '0' && first <= '9')) return {static_cast<char>(first), 1};
  if (first >= 0xC3 && first <= 0xC5 && text.size() > 1) {
    const unsigned code = ((first & 0x1Fu) << 6) | (static_cast<unsigned char>(text[1]) & 0x3Fu);
    const char base = kBaseLetters[code - 0xC0];
    return {base == '-' ? '_' : base, 2};
  }
  return {'_', 1};
}

std::string plain_slug(std::string_view name) {
  std::string slug;
  while (!name.empty()) {
    const auto [character, bytes] = fold(name);
    name.remove_prefix(bytes);
    const bool letter = character >= 'a' && character <= 'z';
    if (slug.empty() && !letter) continue;  // a slug begins with a letter
    if (character == '_' && slug.back() == '_') continue;
    slug.push_back(character);
  }
  constexpr std::size_t kRoomForNumber = 8;
  slug.resize(std::min(slug.size(), limits::kSlugBytes - kRoomForNumber));
  while (!slug.empty() && slug.back() == '_') slug.pop_back();
  return slug;
}

}  // namespace

bool is_slug(std::string_view text) {
  const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
  return !text.empty() && letter(text.front()) &&
         std::ranges::all_of(text, [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

std::string make_slug(std::string_view name, std::size_t position, const std::set<std::string>& taken) {
  auto base = plain_slug(name);
  if (base.empty()) base = fmt::format("step_{}", position + 1);
  auto slug = base;
  for (std::size_t number = 2; taken.contains(slug); ++number) slug = fmt::format("{}_{}", base, number);
  return slug;
}

}  // namespace runbook::domain
