# R's plotly; its account is in the environment: plotly_username, plotly_api_key, plotly_domain.

suppressPackageStartupMessages(library(plotly))
# how an R user trusts an authority of their own: libcurl in R reads no variable for it
httr::set_config(httr::config(cainfo = Sys.getenv("CURL_CA_BUNDLE")))

answer <- function(call, ok, detail) {
  line <- list(call = call, ok = ok, detail = detail)
  cat(jsonlite::toJSON(line, auto_unbox = TRUE, null = "null", digits = NA), "\n", sep = "")
}

# Perform a call and print one JSON line; if it fails, the script goes on.
call <- function(name, expression) {
  tryCatch(
    answer(name, TRUE, expression),
    error = function(e) answer(name, FALSE, conditionMessage(e))
  )
}

meta <- function(file) file[c("fid", "filename", "filetype", "web_url")]

frame <- data.frame(
  n = c(1, 2.5, NA),
  name = factor(c("a", "b", NA)),
  day = as.Date(c("2020-01-01", "2020-01-02", NA)),
  time = as.POSIXct(c("2020-01-01 03:04:05", NA, NA), tz = "UTC"),
  ok = c(TRUE, FALSE, NA)
)
small <- data.frame(a = 1:3, b = c(4, 5, 6))
shown <- function(y = c(2, 3, 1), title = "From R") {
  figure <- plot_ly(x = c("a", "b", "c"), y = y, type = "bar")
  layout(figure, title = title)
}

# images
for (format in c("png", "jpeg", "webp", "svg", "pdf", "eps")) {
  call(paste0("plotly_IMAGE, ", format), {
    file <- paste0("image.", format)
    plotly_IMAGE(shown(), width = 300, height = 200, format = format, scale = 2, out_file = file)
    list(file = file)
  })
}
call("plotly_IMAGE, of a ggplot", {
  drawn <- ggplotly(ggplot(small, aes(a, b)) + geom_point())
  plotly_IMAGE(drawn, width = 300, height = 200, format = "png", out_file = "ggplot.png")
  list(file = "ggplot.png")
})

# grids
call("api_create, of a data frame", meta(api_create(frame, filename = "rgrid")))
call("api_create, of a data frame, over one of its name", {
  first <- api_create(small, filename = "r again")
  again <- api_create(small * 10, filename = "r again")
  list(
    first = first$fid,
    fid = again$fid,
    names = lapply(again$cols, function(col) col$name)
  )
})
call("api_create, of a data frame, in a folder",
     meta(api_create(small, filename = "rdir/sub/rgrid")))
call("api_create, of a data frame, private",
     meta(api_create(small, filename = "r private", sharing = "private")))
call("api_create, of a data frame, secret",
     api_create(small, filename = "r secret", sharing = "secret")[c("fid", "share_key")])
call("api_create, of a data frame, without a name", meta(api_create(small)))
call("api_create, of a data frame, one row", meta(api_create(small[1, ], filename = "r one row")))
call("api_create, of a data frame, of a name that is taken", {
  api_create(small, filename = "r taken")
  api_create(small, filename = "r taken", fileopt = "new")
})
call("api_download_grid", {
  fid <- strsplit(api_create(small, filename = "r to get")$fid, ":")[[1]]
  list(fid = paste(fid, collapse = ":"), got = meta(api_download_grid(fid[2], fid[1])))
})

# plots
call("api_create, of a plot", meta(api_create(shown(), filename = "r plot")))
call("api_create, of a plot, over one of its name", {
  first <- api_create(shown(), filename = "r plot again")
  again <- api_create(shown(c(7, 8, 9), "Changed"), filename = "r plot again")
  list(first = first$fid, fid = again$fid)
})
call("api_create, of a plot, in a folder",
     meta(api_create(shown(), filename = "rdir/plots/rplot")))
call("api_create, of a plot, private",
     meta(api_create(shown(), filename = "r private plot", sharing = "private")))
call("api_create, of a plot, without a name", meta(api_create(shown())))
call("api_create, of a ggplot", {
  drawn <- ggplot(small, aes(a, b)) + geom_point()
  meta(api_create(drawn, filename = "r ggplot"))
})
call("api_download_plot", {
  fid <- strsplit(api_create(shown(), filename = "r plot to get")$fid, ":")[[1]]
  widget <- api_download_plot(fid[2], fid[1])
  list(class = class(widget), y = unlist(widget$x$data[[1]]$y), title = widget$x$layout$title)
})

# the API itself
call("api, its root", list(names = names(api())))
call("api, search", {
  fid <- api_create(small, filename = "needle in a haystack")$fid
  list(fid = fid, found = lapply(api("search?q=needle")$results, function(f) f$fid))
})
call("api, folders/home", {
  results <- api("folders/home")$children$results
  list(names = lapply(results, function(f) f$filename))
})
call("api, PATCH and DELETE of a grid", {
  fid <- api_create(small, filename = "r to rename")$fid
  renamed <- api(file.path("grids", fid), "PATCH", list(filename = "r renamed"))
  api(file.path("grids", fid, "trash"), "POST")
  deleted <- api(file.path("grids", fid, "permanent_delete"), "DELETE")
  list(fid = fid, filename = renamed$filename)
})
call("plotly_POST", meta(plotly_POST(shown(), filename = "r posted")))
call("get_figure", {
  fid <- strsplit(api_create(shown(), filename = "r figure to get")$fid, ":")[[1]]
  list(y = unlist(get_figure(fid[1], fid[2])$x$data[[1]]$y))
})
