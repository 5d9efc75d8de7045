// Bounds: what reading one answer may cost. An answer is somebody else's text: nothing in it decides how much memory is taken.

package xmlapi

const (
	// maxDepth bounds the nesting; the deepest document of the grammar needs less than 20.
	maxDepth = 64
	// maxTokenBytes bounds one text, tag or comment, and the whole text of an element. The longest honest ones are the texts of
	// automatic replies and the settings of extensions.
	maxTokenBytes = 1 << 20
	// maxNameBytes bounds the name of an element or attribute; the longest of the grammar has 36.
	maxNameBytes = 256
	// maxAttributes and maxAttributeBytes bound what one start tag holds. The grammar has a version and a namespace.
	maxAttributes     = 32
	maxAttributeBytes = 16 << 10
	// maxKnownNames is how many different names are remembered. Others are read all the same, and forgotten.
	maxKnownNames = 2048
)

// spend takes what a value needs from what the answer may still use: little more than the bytes that it may have itself. Honest answers need
// less than that, since their tags are longer than what is kept for them; a million empty results need more.
func (r *reader) spend(bytes int) error {
	if r.room -= int64(bytes); r.room < 0 {
		return errTooMuch
	}
	return nil
}
