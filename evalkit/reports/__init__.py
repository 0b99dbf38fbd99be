"""Reports: notebooks run for every option, and the pages made of them. Light: a worker imports this, too."""
