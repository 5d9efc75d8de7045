// A row: all that the suite has to know of a kind. A new kind is one row in one file.

package conformance

import (
	"cmp"
	"flag"
	"slices"
	"strconv"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
)

// rows are the kinds, in one list.
var rows = []*row{&resellerPlanRow, &resellerRow, &addressRow, &customerRow, &servicePlanRow, &servicePlanAddonRow, &subscriptionRow, &siteRow, &subdomainRow, &siteAliasRow, &certificateRow, &zoneRow, &dnsTemplateRow, &databaseServerRow, &databaseRow, &databaseUserRow, &ftpUserRow, &mailAccountRow, &mailSettingsRow, &logRotationRow, &protectedDirectoryRow, &virtualDirectoryRow, &secretKeyRow, &extensionRow, &customButtonRow, &serverSettingsRow}

// row describes a kind to the suite.
type row struct {
	kind string
	is   nature
	can  []capability // all that the kind can, as its author means it
	// prepare makes what objects need, and a neighbour of the same kind, on the server behind the operator's back.
	prepare func(*site)
	// object is the resource, with every field below at its initial value.
	object func(*site) v1alpha1.Object
	fields []field
	// list shows all objects of the kind on the server, as far as a neighbour can tell them from untouched.
	list   func(*site) []external
	rename rename
	// impossible are changes of the object to what no server has, in the order in which a spec that has all of them names them. Validators have some.
	impossible []impossible
	// numbered is the operator that gives objects their ids; "" where an object's name is the only one that it has: then what is made again
	// is the same object.
	numbered string
	// neighbour is by what the key of the neighbour is known; "" is "neighbour".
	neighbour string
	// keeps says that an implicit object keeps what its resource has set when that leaves.
	keeps bool
	// foreign passwords are another system's: the server has no rules for them.
	foreign bool
	guided  bool // they have GUIDs
	// os is the platform of the servers; "" is Linux.
	os plesksim.OS
	// fixed objects stay as they were made: the server changes nothing of one, and a spec says nothing else of it. Their only field is atRest.
	fixed bool
	alike bool // no two that are called the same differ in anything that a spec says
	// telling are codes that answer what an operation asks: the kind goes on with what they say.
	telling map[string][]int
	// opens tells which object a secret that its server has told opens, "" for none.
	opens func(s *site, secret string) (id string)
	// example kinds stand for those that the engine treats like them: their matrices run in every test, those of the others with -full.
	example  bool
	sampling bool // what is declared now is kept by some kinds only

	// guises are ways to write what the object is called, or what it lies in, that the server takes for the same.
	guises []guise
	// service is how the reasons are read and written for which an object is out of service; nil where the kind has none.
	service *service
	// plant writes values into an object that are found nowhere else, and returns how they read in a status.
	plant func(s *site, id string) []string

	// What follows is for kinds that are not implicit.

	// marked objects bear the mark of their resource.
	marked bool
	// add makes on the server what object describes: differing in one field or not, bearing a mark of somebody's or none.
	add func(s *site, differing bool, mark string)
	// adds is the operation that the operator makes an object with; "" is add.
	adds string
	// passing marks are on objects only while they are being made: a second write takes them away.
	passing bool
	// followed adds have a second write behind them: of what the protocol cannot say when an object is made.
	followed bool
	// mark puts somebody's mark on the object with this id; nil where nobody else's can stand there.
	mark func(s *site, id, mark string)
	// remove takes the object with this id from the server.
	remove func(s *site, id string)

	// What follows is for kinds that lie in something that resources can describe.

	// parents are resources of all that an object may lie in, the outermost first. Only that one names the server, and none is what
	// prepare has made.
	parents func(*site) []v1alpha1.Object
	depth   int // how many those are
	// local keys are unique within what the object lies in: in something else they are another object's.
	local bool
	// stray moves the object with this id behind the operator's back into something else; nil where the server has no such thing, or it has a GUID.
	stray func(s *site, id string)
	// lieIn has the object refer to what it lies in.
	lieIn func(o v1alpha1.Object, in v1alpha1.ObjectReference)

	// What follows is for kinds whose objects have something in them.

	// fill puts things into an object that nobody describes and returns what people call them. N tells one filling from another.
	fill func(s *site, id string, n int) []string
	// withContents says that the kind has the deletionPolicy DeleteWithContents.
	withContents bool
}

// does reports whether the kind can do something.
func (r *row) does(c capability) bool { return slices.Contains(r.can, c) }

// hasPassword reports whether the objects have one, which is s.generated(). What opaque objects are made of comes from a Secret of somebody else's.
func (r *row) hasPassword() bool { return r.does(secretUser) && !r.does(opaque) }

// implicit objects come with their parent: they are neither made nor adopted nor deleted, and what was there before comes back when
// the resource leaves.
func (r *row) implicit() bool { return !r.does(maker) }

// field is a field that can change.
type field struct {
	name    string // in the spec
	initial string // on the server, as read tells it
	changed string // after change
	spoiled string // after spoil
	change  func(v1alpha1.Object)
	unset   func(v1alpha1.Object) // nil for fields that must be set
	read    func(s *site, id string) string
	spoil   func(s *site, id string) // nil for what cannot be read back: what is changed of it on the server is not seen

	write func(s *site, id, value string) // by which spoiling wrote it

	place bool // it says what the object lies in, which proves with its id and its name whose it is: what is found elsewhere is another one
}

// atRest is an edit of a spec that changes nothing of its object: it has that looked at.
var atRest = field{
	name:   "resyncPeriod",
	change: func(o v1alpha1.Object) { o.Common().ResyncPeriod = &metav1.Duration{Duration: 50 * time.Minute} },
	read:   func(*site, string) string { return "" },
}

// changing are the fields whose changes reach the server.
func (r *row) changing() []field {
	if r.fixed {
		return nil
	}
	return r.fields
}

// spoiling makes spoil write a value of the field behind the operator's back.
func (f field) spoiling(value string, write func(s *site, id, value string)) field {
	f.write = write
	return f.spoiledBy(value)
}

// spoiledBy replaces the value that spoil writes, where not any will do.
func (f field) spoiledBy(value string) field {
	write := f.write
	f.spoiled, f.spoil = value, func(s *site, id string) { write(s, id, value) }
	return f
}

// required says that the field cannot be unset.
func (f field) required() field {
	f.unset = nil
	return f
}

// rename is what becomes of a changed name.
type rename struct {
	change func(v1alpha1.Object)
	key    string // the new one; "" where a rename is refused by the API server
}

// external is an object on the server.
type external struct {
	id, mark, key string
	guid          string // where the kind has one
	content       string // whatever must not change where nobody is to change it
}

// sorted lists what is on the server in a steady order.
func (r *row) sorted(s *site) []external {
	GinkgoHelper()
	list := r.list(s)
	slices.SortFunc(list, func(a, b external) int { return cmp.Compare(a.id, b.id) })
	return list
}

// with is the object with an id on the server.
func (r *row) with(s *site, id string) external {
	GinkgoHelper()
	list := r.list(s)
	i := slices.IndexFunc(list, func(e external) bool { return e.id == id })
	s.Expect(i).To(BeNumerically(">=", 0), "no object on the server has the id %q", id)
	return list[i]
}

// number is an id on the wire.
func number(s *site, id string) int64 {
	n, err := strconv.ParseInt(id, 10, 64)
	s.Expect(err).NotTo(HaveOccurred())
	return n
}

// set is a change of an object of a known type.
func set[O v1alpha1.Object](change func(O)) func(v1alpha1.Object) {
	return func(o v1alpha1.Object) { change(o.(O)) }
}

// furnish makes a site with what the row needs there, and returns it with what is on the server beforehand.
func (r *row) furnish(w *world, change ...func(*v1alpha1.PleskServer)) (*site, []external) {
	GinkgoHelper()
	s := w.newSite(r.os, change...)
	r.prepare(s)
	return s, r.sorted(s)
}

// ready furnishes a site, makes the object there and waits for it.
func (r *row) ready(w *world) (*site, v1alpha1.Object, []external) {
	GinkgoHelper()
	s, before := r.furnish(w)
	o := r.object(s)
	s.create(o)
	s.eventuallyReady(o)
	return s, o, before
}

// own returns the one object on the server that is the resource's. Everything else must be as it was before.
func (r *row) own(s *site, before []external) external {
	GinkgoHelper()
	now := r.sorted(s)
	if r.implicit() {
		s.Expect(now).To(HaveLen(len(before)))
	}
	var own []external
	for i, e := range now {
		was := slices.IndexFunc(before, func(b external) bool { return b.id == e.id })
		switch {
		case was < 0:
			own = append(own, e)
		case r.implicit() && before[was].content != e.content:
			own = append(own, now[i])
		default:
			s.Expect(e).To(Equal(before[was]), "a neighbour was touched")
		}
	}
	s.Expect(own).To(HaveLen(1), "objects of the resource on the server")
	return own[0]
}

// bearsMark checks the mark of an object that the resource has made or taken over.
func (r *row) bearsMark(s *site, o v1alpha1.Object, own external) {
	GinkgoHelper()
	if r.marked {
		s.Expect(own.mark).To(HaveSuffix(":" + string(o.GetUID())))
	} else {
		s.Expect(own.mark).To(BeEmpty())
	}
}

// left checks that nothing of the resource is on the server any more, and that its neighbours are as they were.
func (r *row) left(s *site, before []external) {
	GinkgoHelper()
	now := r.sorted(s)
	if r.keeps {
		s.Expect(now).To(HaveLen(len(before)))
		isOther := func(e external) bool { return !strings.Contains(e.key, "neighbour") }
		now, before = slices.DeleteFunc(now, isOther), slices.DeleteFunc(slices.Clone(before), isOther)
	}
	s.Expect(now).To(Equal(before))
}

// correct checks that every field is as it is to be: changed where it was, else initial.
func (r *row) correct(s *site, id string, changed ...string) {
	GinkgoHelper()
	for _, f := range r.fields {
		want := f.initial
		if slices.Contains(changed, f.name) {
			want = f.changed
		}
		s.Expect(f.read(s, id)).To(Equal(want), "%s on the server", f.name)
	}
}

// full has the matrices of all kinds run, not only of those that stand for their like.
var full = flag.Bool("full", false, "run the matrices of calls, packets, codes and lost answers for every kind")

// inFull reports whether the kind is tried in every variation.
func (r *row) inFull() bool { return *full || r.example }
