// Following an event log: what is new, and when that is not known.

package server

import (
	"context"
	"fmt"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/eventlog"
)

// logged is a server whose log is followed.
type logged struct {
	*WithT
	t   *testing.T
	sim *plesksim.Server
	log *eventLog
}

func follow(t *testing.T, change func(*plesksim.Options)) *logged {
	t.Helper()
	o := plesksim.Options{OnInvalidAnswer: func(err error, _, _ []byte) { t.Error(err) }}
	if change != nil {
		change(&o)
	}
	sim, err := plesksim.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return &logged{WithT: NewWithT(t), t: t, sim: sim, log: logFrom(0)}
}

func (l *logged) add(login string) {
	l.t.Helper()
	_, err := customer.Add.One(context.Background(), l.sim, customer.AddRequest{GenInfo: customer.NewGenInfo{Login: login, ContactName: "Ada", Password: "Panel-2031-x"}})
	l.Expect(err).NotTo(HaveOccurred())
}

func (l *logged) remove(login string) {
	l.t.Helper()
	_, err := customer.Del.One(context.Background(), l.sim, xmlapi.FilterRequest{Filter: customer.ByLogin(login)})
	l.Expect(err).NotTo(HaveOccurred())
}

func (l *logged) flush() {
	l.t.Helper()
	_, err := eventlog.Get.All(context.Background(), l.sim, eventlog.GetRequest{Options: &eventlog.Options{FlushSelectedRange: new(true)}})
	l.Expect(err).NotTo(HaveOccurred())
}

// poll tells what is new, as "class/type/object" per event, or "lost".
func (l *logged) poll(entries bool) string {
	l.t.Helper()
	q := l.log.ask(entries)
	l.Expect(l.sim.Do(context.Background(), q.calls()...)).To(Succeed())
	news, err := l.log.read(q)
	l.Expect(err).NotTo(HaveOccurred())
	var out []string
	if news.Lost {
		out = append(out, "lost")
	}
	for _, e := range news.Events {
		out = append(out, e.Class+"/"+e.Type+"/"+e.ObjectID)
	}
	return strings.Join(out, " ")
}

func TestEvents(t *testing.T) {
	for name, exclusive := range map[string]bool{"inclusive": false, "exclusive": true} {
		t.Run(name, func(t *testing.T) {
			l := follow(t, func(o *plesksim.Options) { o.LastIDExclusive = exclusive })
			l.add("elm")
			l.Expect(l.poll(true)).To(BeEmpty(), "what was before the first look is no news")
			l.Expect(l.poll(true)).To(BeEmpty())
			l.add("fir")
			l.add("oak")
			l.Expect(l.poll(true)).To(Equal("client/created/3 client/created/4"))
			l.Expect(l.poll(true)).To(BeEmpty())
			l.flush()
			l.Expect(l.poll(true)).To(Equal("lost"))
			l.Expect(l.poll(true)).To(BeEmpty(), "a gap is told once")
			l.add("yew")
			l.Expect(l.poll(true)).To(Equal("client/created/5"))
		})
	}
}

// A log that was trimmed beyond what was seen has a gap.
func TestEventsOfATrimmedLog(t *testing.T) {
	l := follow(t, func(o *plesksim.Options) { o.MaxEvents = 2 })
	l.add("elm")
	l.Expect(l.poll(true)).To(BeEmpty())
	l.add("fir")
	l.Expect(l.poll(true)).To(Equal("client/created/3"))
	l.add("oak")
	l.add("yew")
	l.Expect(l.poll(true)).To(Equal("lost"))
	l.Expect(l.poll(true)).To(BeEmpty())
}

// What is logged and flushed again between two looks is lost, also after a log that was empty.
func TestEventsThatWereFlushedUnseen(t *testing.T) {
	l := follow(t, nil)
	l.add("elm")
	l.Expect(l.poll(true)).To(BeEmpty())
	l.flush()
	l.Expect(l.poll(true)).To(Equal("lost"))
	for range 2 {
		l.add("fir")
		l.flush()
		l.Expect(l.poll(true)).To(Equal("lost"))
		l.Expect(l.poll(true)).To(BeEmpty())
		l.remove("fir")
		l.add("oak")
		l.Expect(l.poll(true)).To(HavePrefix("client/deleted"), "the log goes on")
		l.remove("oak")
		l.Expect(l.poll(true)).NotTo(BeEmpty())
	}
}

// Entries that cannot be read are a gap: told when it begins, and when it ends.
func TestEventsThatCannotBeRead(t *testing.T) {
	l := follow(t, nil)
	l.add("elm")
	l.Expect(l.poll(true)).To(BeEmpty())
	l.add("fir")
	l.Expect(l.poll(false)).To(Equal("lost"))
	l.Expect(l.log.follows()).To(BeFalse())
	l.add("oak")
	l.Expect(l.poll(false)).To(BeEmpty())
	l.Expect(l.poll(true)).To(Equal("lost"))
	l.Expect(l.log.follows()).To(BeTrue())
	l.Expect(l.poll(true)).To(BeEmpty())
}

// A server that was restored has another log under the same ids, or an older one.
func TestEventsOfARewoundLog(t *testing.T) {
	read := func(e *eventLog, last int64, entries ...eventlog.Event) engine.News {
		t.Helper()
		var doc strings.Builder
		fmt.Fprintf(&doc, `<packet><event_log><get-last-id><result><status>ok</status><id>%d</id></result></get-last-id></event_log>
			<event_log><get_events><result><status>ok</status>`, last)
		for _, entry := range entries {
			fmt.Fprintf(&doc, `<event><id>%d</id><type>%s</type><time>%d</time><class>%s</class><obj_id>%s</obj_id><user/><host/></event>`,
				entry.ID, entry.Type, entry.Time, entry.Class, entry.ObjectID)
		}
		doc.WriteString(`</result></get_events></event_log></packet>`)
		q := e.ask(true)
		if err := xmlapi.Decode(strings.NewReader(doc.String()), q.calls()...); err != nil {
			t.Fatal(err)
		}
		news, err := e.read(q)
		if err != nil {
			t.Fatal(err)
		}
		return news
	}
	entry := func(id, at int64) eventlog.Event {
		return eventlog.Event{ID: id, Time: at, Class: "client", Type: "updated", ObjectID: "7"}
	}
	for name, c := range map[string]struct {
		last    int64
		entries []eventlog.Event
		lost    bool
	}{
		"going on":                   {9, []eventlog.Event{entry(7, 70), entry(8, 80), entry(9, 90)}, false},
		"nothing new":                {8, []eventlog.Event{entry(8, 80)}, false},
		"older":                      {5, nil, true},
		"another one under the id":   {9, []eventlog.Event{entry(8, 81), entry(9, 90)}, true},
		"the last one seen has gone": {9, []eventlog.Event{entry(9, 90)}, true},
		"the newest does not come":   {9, []eventlog.Event{entry(8, 80)}, true},
		"none come":                  {9, nil, true},
	} {
		e := logFrom(7)
		if news := read(e, 8, entry(7, 70), entry(8, 80)); news.Lost || len(news.Events) != 1 {
			t.Errorf("%s: it begins with %+v", name, news)
		}
		if news := read(e, c.last, c.entries...); news.Lost != c.lost {
			t.Errorf("%s: %+v", name, news)
		}
		if news := read(e, e.lastID(), c.entries...); news.Lost {
			t.Errorf("%s: a gap is told twice", name)
		}
	}
}
