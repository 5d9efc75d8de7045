// Marks: what Create leaves on an object where the protocol has an external id, and whose mark an object bears.

package engine

import "strings"

// markPrefix begins every mark of this program. What does not begin with it is another system's external id.
const markPrefix = "plesk-operator:"

// markOf is the mark of a resource.
func markOf(installation, uid string) string { return markPrefix + installation + ":" + uid }

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
