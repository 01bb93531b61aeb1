package fingerprint

import (
	"hash/fnv"
	"slices"
)

const (
	// shingle is how many words in a row are taken together.
	shingle = 3
	// window is of how many shingles in a row one is kept at least.
	window = 6
	// Passage is how many words in a row two texts have in common that have a number of
	// [Wording.Shingles] in common for sure.
	Passage = shingle + window - 1
)

// Shingles are numbers of all words that readers see, those of the title and of what is said
// of pictures among them, three in a row: of each six the least (S.
// Schleimer, D. Wilkerson, A. Aiken, Winnowing, 2003). Texts that have a passage in common
// share one, however long they are, and those that are nearly the same share most. Of fewer
// words than those of a [Passage] there are none.
func (w Wording) Shingles() []int64 {
	all := slices.Concat(words(w.Title), words(w.Lead), bodyWords(w.Body), w.ofPictures())
	if len(all) < Passage {
		return nil
	}
	hashes := make([]int64, len(all)-shingle+1)
	for i := range hashes {
		h := fnv.New64a()
		for _, word := range all[i : i+shingle] {
			_, _ = h.Write([]byte(word + " ")) // it never fails
		}
		hashes[i] = mixed(h.Sum64())
	}
	kept := make([]int64, 0, len(hashes)-window+1)
	for i := range len(hashes) - window + 1 {
		kept = append(kept, slices.Min(hashes[i:i+window]))
	}
	slices.Sort(kept)
	return slices.Compact(kept)
}

// mixed puts numbers in an order that has nothing to do with the words (S. Vigna,
// SplitMix64). All 64 bits are wanted.
func mixed(n uint64) int64 {
	n = (n ^ n>>30) * 0xbf58476d1ce4e5b9
	n = (n ^ n>>27) * 0x94d049bb133111eb
	return int64(n ^ n>>31)
}
