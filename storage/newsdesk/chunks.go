package newsdesk

import "communique/storage/internal/kernel"

// Chunk is in what pieces the content of pictures and files is kept and read, in bytes:
// all have this size, but for the last.
const Chunk = 256 << 10

// chunks is a table of content.
type chunks string

const (
	mediaChunks chunks = "media_chunks"
	fileChunks  chunks = "file_chunks"
)

// add stores the content of that hash; the same is stored once.
func (c chunks) add(tx *Tx, hash string, content []byte) error {
	for number := 0; len(content) > 0; number++ {
		chunk := content[:min(Chunk, len(content))]
		content = content[len(chunk):]
		err := tx.db.Exec(`INSERT INTO `+string(c)+` (hash, number, content) VALUES ($1, $2, $3)
			ON CONFLICT (hash, number) DO NOTHING`, hash, number, chunk)
		if err != nil {
			return err
		}
	}
	return nil
}

func (c chunks) read(tx *Tx, hash string, number int64) ([]byte, error) {
	var chunk []byte
	err := tx.db.Row(`SELECT content FROM `+string(c)+` WHERE hash = $1 AND number = $2`, hash, number).Scan(&chunk)
	return chunk, kernel.NotFound(err, "part %d of %s", number, hash)
}

// whole reads all of the content, which has that many bytes.
func (c chunks) whole(tx *Tx, hash string, size int64) ([]byte, error) {
	content := make([]byte, 0, size)
	for number := int64(0); int64(len(content)) < size; number++ {
		chunk, err := c.read(tx, hash, number)
		if err != nil {
			return nil, err
		}
		content = append(content, chunk...)
	}
	return content, nil
}
