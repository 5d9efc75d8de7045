// Traffic of subscriptions by day.

package plesksim

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	webspaceapi "github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

func webspaceTrafficOperations() []operation {
	return []operation{
		many(webspaceapi.GetTraffic, anyone, webspaceGetTraffic).optional(),
		one(webspaceapi.SetTraffic, adminOrReseller, webspaceSetTraffic),
		one(webspaceapi.GetChanged, anyone, webspaceGetChanged),
	}
}

func total(t hosting.Traffic) int64 {
	return t.HTTPIn + t.HTTPOut + t.FTPIn + t.FTPOut + t.SMTPIn + t.SMTPOut + t.POP3IMAPIn + t.POP3IMAPOut
}

func (c *call) trafficThisMonth(w *webspace) int64 {
	month := c.now.Format("2006-01-")
	var sum int64
	for _, day := range w.Traffic {
		if strings.HasPrefix(day.Date, month) {
			sum += total(day)
		}
	}
	return sum
}

func (c *call) trafficYesterday(w *webspace) int64 {
	yesterday := c.now.AddDate(0, 0, -1).Format(time.DateOnly)
	for _, day := range w.Traffic {
		if day.Date == yesterday {
			return total(day)
		}
	}
	return 0
}

func webspaceGetTraffic(c *call, req webspaceapi.GetTrafficRequest) ([]hosting.GetTrafficResult, error) {
	return each(c, c.webspaces(), req.Filter, func(w *webspace) (hosting.GetTrafficResult, error) {
		var res hosting.GetTrafficResult
		for _, day := range w.Traffic { // dates compare as text
			if (req.Since == nil || day.Date >= *req.Since) && (req.To == nil || day.Date <= *req.To) {
				res.Traffic = append(res.Traffic, day)
			}
		}
		return res, nil
	})
}

// webspaceSetTraffic replaces the mail traffic of one day.
func webspaceSetTraffic(c *call, req hosting.SetTrafficRequest) (hosting.SetTrafficResult, error) {
	w := c.Webspaces.get(req.DomainID)
	if w == nil || !c.seesWebspace(w) {
		return hosting.SetTrafficResult{}, webspaceMissing()
	}
	if min(req.SMTPIn, req.SMTPOut, req.POP3IMAPIn, req.POP3IMAPOut) < 0 {
		return hosting.SetTrafficResult{}, refuse(xmlapi.CodeInvalidValue, "Traffic cannot be negative.")
	}
	at, found := slices.BinarySearchFunc(w.Traffic, req.Date, func(t hosting.Traffic, date string) int { return cmp.Compare(t.Date, date) })
	if !found {
		w.Traffic = slices.Insert(w.Traffic, at, hosting.Traffic{Date: req.Date})
	}
	day := &w.Traffic[at]
	day.SMTPIn, day.SMTPOut, day.POP3IMAPIn, day.POP3IMAPOut = req.SMTPIn, req.SMTPOut, req.POP3IMAPIn, req.POP3IMAPOut
	w.UsageChanged = c.now.Unix()
	return hosting.SetTrafficResult{ID: w.ID}, nil
}

// webspaceGetChanged names the subscriptions that the caller sees and whose usage changed at or after a time.
func webspaceGetChanged(c *call, req webspaceapi.GetChangedRequest) (webspaceapi.GetChangedResult, error) {
	from, err := parseDateTime(req.ResourceUsage.From)
	if err != nil {
		return webspaceapi.GetChangedResult{}, refuse(xmlapi.CodeInvalidValue, "The time '%s' is invalid.", req.ResourceUsage.From)
	}
	var res webspaceapi.GetChangedResult
	for _, w := range c.Webspaces.all() {
		if w.UsageChanged >= from.Unix() && c.seesWebspace(w) {
			res.Subscriptions = append(res.Subscriptions, webspaceapi.Changed{Name: c.mainSiteOf(w).Name, ID: idKey(w.ID), ExternalID: w.ExternalID})
		}
	}
	return res, nil
}

// parseDateTime reads ISO 8601, a zone being optional.
func parseDateTime(text string) (time.Time, error) {
	var err error
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05-0700", "2006-01-02T15:04:05", time.DateOnly} {
		var t time.Time
		if t, err = time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, err
}
