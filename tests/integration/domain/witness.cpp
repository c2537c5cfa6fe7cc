// Appends the arguments it was started with to the file WITNESS_FILE names: their number, then each one's
// length and bytes. With "--stdin" as its only argument it notes what it reads instead.
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

int main(int count, char** arguments) {
  std::vector<std::string> words(arguments + 1, arguments + count);
  if (words == std::vector<std::string>{"--stdin"}) {
    words = {std::string(std::istreambuf_iterator<char>(std::cin), {})};
  }
  std::ostringstream record;
  record << words.size() << '\n';
  for (const auto& word : words) record << word.size() << '\n' << word << '\n';
  std::ofstream(std::getenv("WITNESS_FILE"), std::ios::app | std::ios::binary) << record.str() << std::flush;
  return 0;
}
