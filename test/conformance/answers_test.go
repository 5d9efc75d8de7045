// Answers of a server that are not as they should be: to an add, that do not tell what was made; and texts that are not fit to show.

package conformance

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// lostAnswer is done and not heard of.
var lostAnswer = plesksim.Fault{Drop: true, Executed: true, Times: 1}

// atAdd has a fault meet the operation that makes an object of the row.
func (r *row) atAdd(f plesksim.Fault) plesksim.Fault {
	f.Operation = cmp.Or(r.adds, "add")
	return f
}

func (r *row) answers() {
	for _, c := range []struct {
		what  string
		fault func(neighbour external) plesksim.Fault
	}{
		{"without an id", func(external) plesksim.Fault {
			return plesksim.Fault{Without: []string{"id", "guid", "mailname/id"}}
		}},
		{"with another object's id", func(n external) plesksim.Fault {
			return plesksim.Fault{With: map[string]string{"id": n.id, "guid": n.guid, "mailname/id": n.id}}
		}},
		{"with too many results", func(external) plesksim.Fault { return plesksim.Fault{Repeat: 2} }},
	} {
		r.keep("is recorded as what was made, and nothing else is, when its add is answered "+c.what, func(w *world) {
			s, before := r.furnish(w)
			f := r.atAdd(c.fault(r.neighbourIn(s, before)))
			f.Executed, f.Times = true, 1
			if f.With["guid"] == "" {
				delete(f.With, "guid")
			}
			s.plesk.Inject(f)
			o := r.object(s)
			s.create(o)
			s.eventuallyReady(o)
			s.Expect(s.struck()).To(Equal(1))
			own := r.own(s, before)
			state := s.state(o)
			s.Expect([]string{state.ID, state.GUID}).To(Equal([]string{own.id, own.guid}))
			s.Expect(state.Pending).To(BeNil())
			r.correct(s, own.id)
			s.delete(o)
			s.eventuallyGone(o)
			r.left(s, before)
		})
	}
}

// unfit are texts that nothing may show as they are; PASSWORD stands for the object's.
var unfit = []string{
	"The password 'PASSWORD' is too weak, choose another one than PASSWORD.",
	strings.Repeat("weak ", 400),           // more than an event takes
	strings.Repeat("weak PASSWORD ", 3000), // more than a condition takes
	strings.Repeat("weak ", 200_000),
	"\x1b[31mPASSWORD\x1b[0m\r\n\tis \u0085weak\u202e",
}

// quoted is what the texts quote: the object's password, of kinds that have one.
func (r *row) quoted() string {
	if r.hasPassword() {
		return "Quotable-2031-xyz"
	}
	return "Nobody's-2031-xyz"
}

// fitness is about texts of the server's in refusals, of what an object is made with and of what it is changed to.
func (r *row) fitness() {
	r.keep("shows of what the server says what is fit to be shown, and goes on being about its spec", func(w *world) {
		s, before := r.furnish(w)
		if r.hasPassword() {
			s.givePassword(r.quoted())
		}
		o := r.object(s)
		if !r.implicit() {
			r.refusedUnfit(s, o, r.atAdd(plesksim.Fault{}), func() { s.create(o) })
		} else {
			s.create(o)
		}
		s.eventuallyReady(o)
		if r.fixed {
			return
		}
		id, f := r.own(s, before).id, r.fields[0]
		if f.spoil == nil {
			return
		}
		mark := w.journal.mark()
		f.spoil(s, id)
		s.request(o)
		s.eventually(func() string { return f.read(s, id) }).Should(Equal(f.initial))
		s.eventuallyReady(o)
		at := s.lastWrite(mark)
		f.spoil(s, id)
		r.refusedUnfit(s, o, at, func() { s.request(o) })
		s.eventuallyReady(o)
		r.correct(s, r.own(s, before).id)
	})
}

// lastWrite is a fault that meets the operation that wrote last since a mark, or will have.
func (s *site) lastWrite(mark int) plesksim.Fault {
	GinkgoHelper()
	var f plesksim.Fault
	s.eventually(func() string {
		for _, e := range s.journal.since(mark) {
			if !e.packet || !e.writes {
				continue
			}
			for op := range strings.SplitSeq(e.name, "+") {
				if !isProbe(op) {
					f.Operator, f.Operation, _ = strings.Cut(op, "/")
				}
			}
		}
		return f.Operation
	}).ShouldNot(BeEmpty(), "nothing was written")
	return f
}

// refusedUnfit has the server refuse an operation with one unfit text after the other, and then no more.
func (r *row) refusedUnfit(s *site, o v1alpha1.Object, at plesksim.Fault, begin func()) {
	GinkgoHelper()
	at.Code = xmlapi.CodeInvalidValue
	var end func()
	for i, text := range unfit {
		was := end
		at.Text = strings.ReplaceAll(text, "PASSWORD", r.quoted())
		end = s.plesk.Inject(at) // of several faults the last one answers
		if was != nil {
			was()
		}
		if i == 0 {
			begin()
		}
		s.requesting(o, s.struck).Should(BeNumerically(">", 0))
		s.settle(o)
		var said metav1.Condition
		s.eventually(func() bool { // of one moment, since a retry may meet something else for a while
			said = s.ready(o)
			return said.Reason == v1alpha1.ReasonRejected && slices.Contains(s.told(o, said.Reason), said.Message)
		}).Should(BeTrue(), "no event says what the condition says")
		s.Expect(said.Message).To(ContainSubstring("Plesk error 1019"))
		s.Expect(len(said.Message)).To(BeNumerically("<=", 1000))
		if r.hasPassword() {
			s.Expect(said.Message).NotTo(ContainSubstring(r.quoted()))
		}
		s.Expect(strings.ContainsFunc(said.Message, unicode.IsControl)).To(BeFalse(), "%q", said.Message)
	}
	end()
	s.request(o)
}

// told are the notes of the events of a reason about an object.
func (s *site) told(o client.Object, reason string) []string {
	GinkgoHelper()
	list := &corev1.EventList{}
	s.Expect(bed.Client.List(s, list, client.InNamespace(o.GetNamespace()))).To(Succeed())
	var notes []string
	for _, e := range list.Items {
		if e.InvolvedObject.UID == o.GetUID() && e.Reason == reason {
			notes = append(notes, e.Message)
		}
	}
	return notes
}

// oddReads is about answers to looks at an object that cannot be right, or that quote its password when nobody has just read that.
func (r *row) oddReads() {
	if r.fixed {
		return
	}
	r.keep("is changed as the spec says, and no other is, after answers that lack ids, come twice, or quote its password", func(w *world) {
		s, before := r.furnish(w)
		if r.hasPassword() {
			s.givePassword(r.quoted())
		}
		o := r.object(s)
		s.create(o)
		s.eventuallyReady(o)
		mark, f := w.journal.mark(), r.fields[0]
		s.edit(o, f.change)
		s.eventuallyReady(o)
		operator := s.lastWrite(mark).Operator
		for _, odd := range []plesksim.Fault{
			{Without: []string{"id", "guid", "mailname/id"}}, {Repeat: 2}, {Code: xmlapi.CodeFailed, Text: "Cannot say: " + r.quoted()},
		} {
			w.op.stop()
			if f.spoil != nil {
				f.spoil(s, r.own(s, before).id)
			}
			odd.Operator = operator
			heal := s.plesk.Inject(odd)
			w.op.start()
			s.request(o)
			s.eventually(s.struck).Should(BeNumerically(">", 0))
			s.settle(o)
			r.own(s, before)
			if r.hasPassword() {
				s.Expect(s.ready(o).Message).NotTo(ContainSubstring(r.quoted()))
			}
			heal()
			s.request(o)
			s.eventuallyReady(o)
			own := r.own(s, before)
			s.Expect(s.state(o).ID).To(Equal(own.id))
			s.eventually(func() string { return f.read(s, own.id) }).Should(Equal(f.changed))
		}
	})
}
