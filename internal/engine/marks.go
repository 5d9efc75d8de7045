// Marks: what Create leaves on an object, and whose mark an object bears. Where the protocol has an external id the mark stays there. Where
// it has only a description, the mark stands before that only while the object is being created: it leads back to what an add has made
// whose answer was lost, and goes once the object is recorded.

package engine

import (
	"strings"

	"k8s.io/apimachinery/pkg/types"
)

// markPrefix begins every mark of this program. What does not begin with it is another system's external id.
const markPrefix = "plesk-operator:"

// markOf is the mark of a resource.
func markOf(installation, uid string) string { return markPrefix + installation + ":" + uid }

// IsMarkOf reports whether a mark is that of the resource with a UID, by which its object is known again when its id or its GUID has changed.
func IsMarkOf(uid types.UID, mark string) bool {
	return bearerOf(mark, "", string(uid), func(string) bool { return false }) == ours
}

// WithMark is a text that a mark stands before; without one it is the text alone. The mark comes first, so that a text that the server
// cuts short loses no mark.
func WithMark(mark, text string) string {
	switch {
	case mark == "":
		return text
	case text == "":
		return mark
	}
	return mark + " " + text
}

// CutMark takes the mark that stands before a text from it: the inverse of WithMark.
func CutMark(text string) (mark, rest string) {
	first, rest, _ := strings.Cut(text, " ")
	if where, who := readMark(first); where == "" || who == "" {
		return "", text
	}
	return first, rest
}

// readMark is the inverse of markOf; both are empty for another system's external id.
func readMark(mark string) (installation, uid string) {
	if rest, isMark := strings.CutPrefix(mark, markPrefix); isMark {
		installation, uid, _ = strings.Cut(rest, ":")
	}
	return installation, uid
}

// bearer is whose mark an object bears.
type bearer int

const (
	unmarked      bearer = iota
	ours                 // this resource's
	sibling              // another living resource's of this installation
	orphan               // of this installation, whose resource is gone: as good as none
	otherOperator        // another installation's of this program
	foreign              // another system's external id
)

// bearerOf tells whose mark it is; alive tells whether a resource with a UID exists in this cluster. A mark is that of the resource with
// its UID whatever the installation: UIDs are unique in the world, and the installation's id may have been lost. What has no UID
// we have not written.
func bearerOf(mark, installation, uid string, alive func(uid string) bool) bearer {
	where, who := readMark(mark)
	switch {
	case mark == "":
		return unmarked
	case who == "":
		return foreign
	case who == uid:
		return ours
	case alive(who):
		return sibling
	case where != installation:
		return otherOperator
	}
	return orphan
}
