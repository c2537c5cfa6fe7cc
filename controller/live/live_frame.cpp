#include "controller/live/live_frame.hpp"

#include <algorithm>

namespace runbook::live {
namespace {

constexpr char kVersion = 1;
constexpr char kOutput = 1;

template <class T>
void put(std::string& out, T value) {
  for (int shift = static_cast<int>(sizeof(T)) * 8 - 8; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(value >> shift & 0xFF));
  }
}

}  // namespace

std::string encode_live_frame(const LiveFrame& frame) {
  std::string out;
  out.reserve(kLiveHeaderBytes + frame.data.size());
  out.push_back(kVersion);
  out.push_back(kOutput);
  out.push_back(static_cast<char>(frame.stream));
  out.push_back(0);
  put(out, frame.index);
  put(out, frame.offset);
  put(out, frame.first_line);
  put(out, static_cast<std::uint32_t>(std::ranges::count(frame.data, '\n')));
  out += frame.data;
  return out;
}

}  // namespace runbook::live
