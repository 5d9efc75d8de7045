// What an export of a full server takes: docs/export.md says the figures of one machine.

package export

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"testing"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller"
	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/export/exporttest"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/mail"
)

// BenchmarkExport reads a server over HTTPS, describes everything on it, and writes it as one stream. It tells how many objects that are, how many of them
// it does in a second, and how much memory one takes as long as they are all held.
func BenchmarkExport(b *testing.B) {
	for _, subscriptions := range []int{190, 1900} {
		b.Run(fmt.Sprintf("%d subscriptions", subscriptions), func(b *testing.B) {
			client := crowded(b, subscriptions)
			objects, held := 0, uint64(0)
			for b.Loop() {
				before := heap()
				r, err := Run(context.Background(), client, controller.Exports(), Options{
					Server: v1alpha1.ServerReference{Name: "web-01"}, GUID: serverGUID, Role: v1alpha1.RoleAdministrator, Lifecycle: true,
				}, &told{})
				if err != nil || len(r.Troubles) > 0 {
					b.Fatal(err, r)
				}
				objects, held = len(r.Objects), heap()-before
				if err := r.WriteStream(io.Discard); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(objects), "objects")
			b.ReportMetric(float64(objects*b.N)/b.Elapsed().Seconds(), "objects/s")
			b.ReportMetric(float64(held)/float64(objects), "B-held/object")
		})
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// crowded is a server with so many subscriptions, of which three are two customers', with a mail account in two of three.
func crowded(b *testing.B, subscriptions int) *xmlapi.Client {
	b.Helper()
	srv, c := controllertest.Simulated(b, func(o *plesksim.Options) { o.OnInvalidAnswer = nil }) // to hold each packet to the grammar takes time, too
	ctx := context.Background()
	for n := range subscriptions {
		var err error
		owner := fmt.Sprintf("c%04d", n-n%3/2)
		if n%3 < 2 {
			_, err = customer.Add.One(ctx, srv, customer.AddRequest{GenInfo: customer.NewGenInfo{ContactName: "Ada Birch", Login: owner, Password: exporttest.Password}})
		}
		if err == nil {
			w, added := exporttest.AddSubscription(ctx, srv, fmt.Sprintf("%04d.example", n), owner, "", "")
			if err = added; err == nil && n%3 < 2 {
				_, err = mail.Create.One(ctx, srv, mail.CreateRequest{Filter: mail.NewAccounts{SiteID: w.ID, Accounts: []mail.NewAccount{{Name: "info"}}}})
			}
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	return c
}
