// Marks: what Create leaves on an object, and whose mark an object bears. Where the protocol has an external id the mark stays there. Where
// it has only a description, the mark stands before that only while the object is being created: it leads back to what an add has made
// whose answer was lost, and goes once the object is recorded.

package engine

import "strings"

// markPrefix begins every mark of this program. What does not begin with it is another system's external id.
const markPrefix = "plesk-operator:"

// markOf is the mark of a resource.
func markOf(installation, uid string) string { return markPrefix + installation + ":" + uid }

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
	if where, who, ok := strings.Cut(strings.TrimPrefix(first, markPrefix), ":"); !ok || where == "" || who == "" || !strings.HasPrefix(first, markPrefix) {
		return "", text
	}
	return first, rest
}

// uidIn is the UID of the resource that a mark of this program's leads to, "" for another system's external id.
func uidIn(mark string) string {
	rest, isMark := strings.CutPrefix(mark, markPrefix)
	if _, uid, ok := strings.Cut(rest, ":"); isMark && ok {
		return uid
	}
	return ""
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
	rest, isMark := strings.CutPrefix(mark, markPrefix)
	where, who, _ := strings.Cut(rest, ":")
	switch {
	case mark == "":
		return unmarked
	case !isMark || who == "":
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
