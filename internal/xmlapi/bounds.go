// Bounds: what reading one answer may cost. An answer is not trusted: nothing in it decides how much memory is used.

package xmlapi

const (
	// maxDepth bounds the nesting; the deepest document of the grammar needs less than 20.
	maxDepth = 64
	// maxTokenBytes bounds one text, tag or comment, and the whole text of an element. The longest honest ones are the texts of
	// automatic replies and the settings of extensions.
	maxTokenBytes = 1 << 20
	// maxNameBytes bounds the name of an element or attribute; the longest of the grammar has 36.
	maxNameBytes = 256
	// maxAttributes and maxAttributeBytes bound what one start tag holds. The grammar itself has only a version and a namespace.
	maxAttributes     = 32
	maxAttributeBytes = 16 << 10
	// maxKnownNames is how many different names are remembered. Others are read all the same, and forgotten.
	maxKnownNames = 2048
)
